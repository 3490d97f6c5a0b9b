from offorte_portal.models.connection import Connection
from offorte_portal.models.drain import Drain
from offorte_portal.models.export import Export, ExportKeys, ExportPart
from offorte_portal.models.held_answer import HeldAnswer
from offorte_portal.models.job import Job
from offorte_portal.models.mirrored import Mirrored, MirroredQuerySet
from offorte_portal.models.omitted_key import OmittedKey
from offorte_portal.models.operation import Operation
from offorte_portal.models.pulse import Pulse
from offorte_portal.models.quote import ImportedQuote, PartyMatch, QuoteRow
from offorte_portal.models.request_budget import RequestBudget
from offorte_portal.models.sorting import ListIndex, list_index, removed_index, sort_key
from offorte_portal.models.source import QuoteImport, Source, SourceRecord
from offorte_portal.models.sync_run import SyncPage, SyncRun, SyncWarning
from offorte_portal.models.upload import ColumnMapping, Upload, UploadedFile, UploadRow
from offorte_portal.models.webhook import Webhook
from offorte_portal.models.webhook_endpoint import WebhookEndpoint
from offorte_portal.models.webhook_event import WebhookEvent

__all__ = [
    "ColumnMapping",
    "Connection",
    "Drain",
    "Export",
    "ExportKeys",
    "ExportPart",
    "HeldAnswer",
    "ImportedQuote",
    "Job",
    "ListIndex",
    "Mirrored",
    "MirroredQuerySet",
    "OmittedKey",
    "Operation",
    "PartyMatch",
    "Pulse",
    "QuoteImport",
    "QuoteRow",
    "RequestBudget",
    "Source",
    "SourceRecord",
    "SyncPage",
    "SyncRun",
    "SyncWarning",
    "Upload",
    "UploadRow",
    "UploadedFile",
    "Webhook",
    "WebhookEndpoint",
    "WebhookEvent",
    "list_index",
    "removed_index",
    "sort_key",
]
