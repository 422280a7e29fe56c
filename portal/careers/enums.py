"""What a profile holds, with its words."""

from __future__ import annotations

from enum import StrEnum

from portal.core.i18n import _l


class ProfileItem(StrEnum):
    """What a student says, in the order of the page; each is opened to companies or not."""

    ABOUT = "about"
    RESEARCH_FIELD = "research_field"
    RESEARCH = "research"
    SKILLS = "skills"
    LANGUAGES = "languages"
    PUBLICATIONS = "publications"
    WISHES = "wishes"
    PERIOD = "period"  # `free_from`, `free_until` and `most_weeks` together
    CV = "cv"
    RESEARCH_SUMMARY = "research_summary"

    @property
    def label(self) -> object:
        return ITEM_LABELS[self]


ITEM_LABELS = {
    ProfileItem.ABOUT: _l("About me"),
    ProfileItem.RESEARCH_FIELD: _l("Field of research"),
    ProfileItem.RESEARCH: _l("My research"),
    ProfileItem.SKILLS: _l("Methods and tools"),
    ProfileItem.LANGUAGES: _l("Languages spoken"),
    ProfileItem.PUBLICATIONS: _l("Publications and prizes"),
    ProfileItem.WISHES: _l("What I look for"),
    ProfileItem.PERIOD: _l("When I can come"),
    ProfileItem.CV: _l("CV"),
    ProfileItem.RESEARCH_SUMMARY: _l("Summary of my research"),
}

# Items that are words, by the column of the same name; and files, with their columns.
TEXTS = (
    ProfileItem.ABOUT, ProfileItem.RESEARCH_FIELD, ProfileItem.RESEARCH, ProfileItem.SKILLS, ProfileItem.LANGUAGES,
    ProfileItem.PUBLICATIONS, ProfileItem.WISHES,
)  # fmt: skip
FILES = {ProfileItem.CV: "cv_id", ProfileItem.RESEARCH_SUMMARY: "research_summary_id"}
