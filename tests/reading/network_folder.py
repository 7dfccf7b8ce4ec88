"""A small network as a folder of tables, and a way to break one cell of it."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from planner.errors import InputError, Issue
from planner.model import Network
from planner.reading.tables import read_network

TINY = {
    "places": """\
place_id,name,name_zh,aliases,kind,country,region,lat,lon,time_zone,source
PLANT,Plant,工厂,Works; Old works,plant,CN,,34.4,113.97,Asia/Shanghai,estimate: made up
RAIL-CN,Land port,,,rail_terminal,CN,,34.38,114.01,Asia/Shanghai,R1
BORDER,Border,,,border,KZ,,45.2,82.5,Asia/Almaty,R1
RAIL-EU,Terminal,,,rail_terminal,DE,West,51.4,6.7,Europe/Berlin,R1
PORT-CN,River port,,,river_port,CN,,33.5,114.7,Asia/Shanghai,R1
PORT-SEA,Sea port,,,sea_port,CN,,31.3,121.7,Asia/Shanghai,R1
MARKET,Market,,,compound,DE,West,51.5,-6.8,Europe/Berlin,R1;estimate: made up; twice
""",
    "services": """\
service_id,name,mode,form,capacity,capacity_unit,accepts_dg,shippers,max_mass_kg,emission_class,last_date,source
TRAIN,Block train,rail,boxed,55,feu,yes,,,rail,,R1
BARGE,River line,barge,loose,120.5,ceu,,BYD;SAIC,2500,river,2025-12-30,R1
""",
    "calls": """\
service_id,seq,place_id,arrive_h,depart_h,load,unload,cutoff_h,release_h,km_from_previous,capacity_onward,source
TRAIN,10,RAIL-CN,,0,yes,,24,,,,R1
TRAIN,20,BORDER,72,96.05,,,,,3590,41,R1
TRAIN,30,RAIL-EU,300,,,yes,,12.5,6600,,R1
BARGE,1,PORT-CN,0,0,yes,no,6,,,,R1
BARGE,2,PORT-SEA,168,168,no,yes,,2,772,,R1
""",
    "calendars": """\
service_id,weekdays,every_weeks,anchor_date,local_time,first_date,last_date,source
TRAIN,4 1,,,08:30,2025-01-01,2025-12-31,R1
BARGE,2,2,2025-01-07,18:00,2025-01-01,2025-12-31,R1
""",
    "exceptions": """\
service_id,date,effect,capacity,price_factor,time_shift_h,source
TRAIN,2025-01-07,added,20,1.5,2.5,R1
TRAIN,2025-01-09,cancelled,,,,R1
BARGE,2025-01-21,changed,60.25,,,R1
""",
    "tariffs": """\
service_id,from_place,to_place,charge,applies_to,per,price,minimum,currency,source
TRAIN,RAIL-CN,RAIL-EU,freight,,feu,5900,,USD,R1
TRAIN,RAIL-CN,RAIL-EU,insurance,all,value,0.002,1.5,EUR,R1
BARGE,PORT-CN,PORT-SEA,freight,SUV,ceu,333.33,,CNY,R1
BARGE,PORT-CN,PORT-SEA,freight,VAN,vehicle,400,,CNY,R1
""",
    "charges": """\
place_or_country,when,mode,form,per,price,currency,source
DE,import,,,vehicle,50,EUR,R1
BORDER,pass,rail,boxed,feu,100,USD,R1
""",
    "roads": """\
from_place,to_place,form,km,hours,departs_every_h,first_local_time,per,price,currency,source
PLANT,RAIL-CN,loose,5,1,,,vehicle,100,CNY,R1
RAIL-EU,MARKET,loose,200,4.5,,07:00,vehicle,60,EUR,R1
RAIL-EU,MARKET,boxed,200,4.5,0.5,07:00,feu,180,EUR,R1
""",
    "handling": """\
place_or_kind,from_mode,to_mode,from_form,to_form,hours,per,price,currency,source
plant,origin,road,loose,loose,0,vehicle,0,CNY,R1
RAIL-CN,,rail,loose,boxed,12,feu,900,CNY,R1
compound,,delivery,loose,loose,1,vehicle,5,EUR,R1
""",
    "storage": """\
place_or_kind,form,from_h,per,price_per_day,once,max_dwell_h,currency,source
rail_terminal,boxed,72,teu,10,,720,EUR,R1
rail_terminal,boxed,240,teu,20,35,,EUR,R1
""",
    "throughput": """\
place_id,form,units_per_day,weekdays,source
RAIL-CN,boxed,60,1 2 3,R1
RAIL-CN,boxed,30,6,R1
MARKET,loose,200,,R1
""",
    "allotments": """\
service_id,shipper,units,release_h,source
TRAIN,BYD,10,120,R1
TRAIN,SAIC,5,,R1
BARGE,BYD,20.5,48,R1
""",
    "vehicle_types": """\
vehicle_type,name,length_mm,width_mm,height_mm,mass_kg,cbm,ceu,vehicles_per_feu,hs_code,un_number,typical_value,currency,source
SUV,Electric SUV,4455,1875,1615,1750,13.5,1.27,3,870380,UN 3556,21000,EUR,R1
VAN,Van,4500,1800,1900,1500,15.39,1.4,0,,,15000,USD,R1
""",
    "duties": """\
duty,countries,hs_code,shippers,rate,minimum,currency,first_date,last_date,source
customs,DE;AT,8703,,0.1,,,,,R1
special,DE,870380,BYD;SAIC,0.17,100,EUR,2025-01-01,2025-12-31,R1
special,DE,870380,,0.353,,,2025-01-01,2025-12-31,R1
""",
    "emission_factors": """\
emission_class,region,per,value,year,source
rail,,feu_km,800,2024,R1
rail,,feu_km,700.5,2025,R1
river,,ceu_km,60,2025,R1
road,,vehicle_km,150,2025,R1
road,West,feu_km,900,2025,R1
""",
    "fx": """\
currency,usd,date,source
USD,1,2024-11-12,R1
CNY,0.141,2026-03-01,R1
CNY,0.1391,2024-11-12,R1
EUR,1.16,2026-03-01,R1
""",
    "closures": """\
what,first,last,effect,value,spares,reason,source
BORDER,2025-09-12,2025-09-25,closed,,BARGE;road,Border shut,R1
RAIL-CN,2025-02-01,2025-02-08,capacity_factor,0.5,,Holiday,R1
BARGE,2025-07-01,2025-08-01,extra_h,12.5,,Low water,R1
""",
    "observed": """\
observation_id,what,service_id,from_place,to_place,measure,low,high,per,currency,date,group,source
OBS-1,Block train,TRAIN,RAIL-CN,RAIL-EU,days,12.5,13,,,2025-03,table,R1
OBS-2,Price of a box,TRAIN,RAIL-CN,RAIL-EU,price,700,700,feu,CNY,2025-06-01,hold-out,R1
OBS-3,Nobody goes,,PORT-SEA,MARKET,km,9000.5,9000.5,,,,claim,R1
""",
    "sources": """\
source_id,title,publisher,date,address,grade
R1,A report,A paper,2025-09,https://example.org/report,B
""",
}
"""Line numbers in the tests are those of these texts; the header is line 1."""


class NetworkFolder:
    """The tables of :data:`TINY` in a folder, to be changed and read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(exist_ok=True)
        for name, text in TINY.items():
            self.file(name).write_text(text, encoding="utf-8")

    def file(self, table: str) -> Path:
        return self.path / f"{table}.csv"

    def text(self, table: str) -> str:
        return self.file(table).read_text(encoding="utf-8")

    def write(self, table: str, text: str) -> None:
        self.file(table).write_text(text, encoding="utf-8")

    def _load(self, table: str) -> list[list[str]]:
        return list(csv.reader(self.text(table).splitlines()))

    def _save(self, table: str, rows: list[list[str]]) -> None:
        with self.file(table).open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows(rows)

    def set(self, table: str, line: int, column: str, value: str) -> None:
        """Change one cell; a column that the file lacks is added to it."""
        rows = self._load(table)
        if column not in rows[0]:
            rows = [[*row, column if at == 0 else ""] for at, row in enumerate(rows)]
        rows[line - 1][rows[0].index(column)] = value
        self._save(table, rows)

    def add(self, table: str, **cells: str) -> int:
        """Add a row with these cells, by default with source R1; returns its line."""
        rows = self._load(table)
        cells = {"source": "R1", **cells}
        for column in cells:
            if column not in rows[0] and column != "source":
                rows = [[*row, column if at == 0 else ""] for at, row in enumerate(rows)]
        rows.append([cells.get(column, "") for column in rows[0]])
        self._save(table, rows)
        return len(rows)

    def copy(self, table: str, line: int, **changes: str) -> int:
        """Add a row like that of a line, but for some cells; returns its line."""
        rows = self._load(table)
        return self.add(table, **{**dict(zip(rows[0], rows[line - 1], strict=True)), **changes})

    def remove(self, table: str, *lines: int) -> None:
        rows = self._load(table)
        self._save(table, [row for at, row in enumerate(rows, 1) if at not in lines])

    def drop_column(self, table: str, column: str) -> None:
        rows = self._load(table)
        at = rows[0].index(column)
        self._save(table, [row[:at] + row[at + 1 :] for row in rows])

    def read(self, currency: str = "USD", rates_date: date | None = None) -> Network:
        return read_network(self.path, currency, rates_date)

    def faults(self, currency: str = "USD", rates_date: date | None = None) -> tuple[Issue, ...]:
        """Faults of the folder; the test fails if there is none."""
        with pytest.raises(InputError) as caught:
            self.read(currency, rates_date)
        return caught.value.issues

    def only_fault(self, currency: str = "USD", rates_date: date | None = None) -> Issue:
        """The one fault of the folder."""
        faults = self.faults(currency, rates_date)
        assert len(faults) == 1, "\n".join(map(str, faults))
        return faults[0]


def network_with_unloading(path: Path) -> NetworkFolder:
    """A plant, a train, a terminal where boxes are unpacked, a market, and roads between them."""
    folder = NetworkFolder(path)
    folder.add(
        "handling",
        place_or_kind="RAIL-EU",
        from_mode="rail",
        to_mode="road",
        from_form="boxed",
        to_form="loose",
        hours="6",
        per="feu",
        price="200",
        currency="EUR",
    )
    return folder
