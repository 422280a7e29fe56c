"""Archives of papers: asked for, made by a job, verified, kept for some days, then deleted."""

from portal.billing.services.archives.asking import ask_archive, drop_old_archives, open_archive, open_paper
from portal.billing.services.archives.making import make_archive

__all__ = ["ask_archive", "drop_old_archives", "make_archive", "open_archive", "open_paper"]
