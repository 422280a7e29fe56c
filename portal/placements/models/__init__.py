"""Tables of placements, one module a noun."""

from portal.placements.models.certificates import CertificateVoid, PlacementCertificate
from portal.placements.models.checklist import PlacementItem, PlacementPaper
from portal.placements.models.evaluations import PlacementCheck, PlacementEvaluation
from portal.placements.models.hours import PlacementDay, PlacementWeek
from portal.placements.models.placements import Placement

__all__ = [
    "CertificateVoid",
    "Placement",
    "PlacementCertificate",
    "PlacementCheck",
    "PlacementDay",
    "PlacementEvaluation",
    "PlacementItem",
    "PlacementPaper",
    "PlacementWeek",
]
