"""How many departures the services of a network have: what its timetables will weigh."""

from __future__ import annotations

from planner.model.problem import Network
from planner.model.services import ADDED, Calendar, Service

WEEKS = 52
DAYS_A_WEEK = 7


def departures_a_year(network: Network) -> int:
    """Most departures that the services of a network have in 52 weeks, those that are added besides."""
    regular = sum(
        _of_calendar(service, calendar)
        for service in network.services.values()
        for calendar in service.calendars
    )
    return regular + sum(row.effect == ADDED for row in network.exceptions)


def _of_calendar(service: Service, calendar: Calendar) -> int:
    weeks = WEEKS
    firsts = [day for day in (service.first_date, calendar.first_date) if day is not None]
    lasts = [day for day in (service.last_date, calendar.last_date) if day is not None]
    if firsts and lasts:
        days = (min(lasts) - max(firsts)).days + 1
        weeks = min(weeks, -(-max(days, 0) // DAYS_A_WEEK))
    return len(calendar.weekdays) * -(-weeks // calendar.every_weeks)
