"""Registers the dry run of files of proposals with the worker that examines uploads."""

from offorte_portal.compose.many import examining
from offorte_portal.files.imports.work import EXAMINERS
from offorte_portal.files.models import Upload

EXAMINERS[Upload.Kind.PROPOSALS] = lambda upload, report: examining.examine(upload, upload.by, report)
