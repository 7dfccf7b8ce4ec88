"""Distinct types for distinct ids, so that a type checker catches a mix-up."""

from __future__ import annotations

from typing import NewType

PlaceId = NewType("PlaceId", str)
ServiceId = NewType("ServiceId", str)
VehicleTypeId = NewType("VehicleTypeId", str)
BatchId = NewType("BatchId", str)
