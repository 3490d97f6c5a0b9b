"""What the worker runs: thin wrappers around services, with ids in and nothing out."""

from collections.abc import Callable

from offorte_portal import activity, desk, jobs, sync, writes
from offorte_portal import other_systems as quotes
from offorte_portal.compose.many import examining as many
from offorte_portal.connections import tokens
from offorte_portal.connections.budget import Lane
from offorte_portal.files.exports import retention as export_retention
from offorte_portal.files.exports import running as export_running
from offorte_portal.files.imports import examining, storing
from offorte_portal.files.imports import work as uploads
from offorte_portal.models import Connection, QuoteImport, SyncRun, Upload
from offorte_portal.runs import beats
from offorte_portal.services import connection
from offorte_portal.staff import retention as security_retention
from offorte_portal.staff import sessions
from offorte_portal.sync import reading
from offorte_portal.sync.run import enqueue
from offorte_portal.waiting import holding
from offorte_portal.webhooks import draining, intake, registration, retention


def advance_sync(run_id: int) -> None:
    """Work on a sync for a slice; the rest of it goes to the end of the queue."""
    if sync.advance(run_id) == 0:
        enqueue(SyncRun.objects.get(pk=run_id))


def advance_import(run_id: int) -> None:
    """Work on an import of quotes of another system for a slice; the rest of it goes to the end of the queue."""
    if quotes.advance(run_id) == 0:
        quotes.enqueue(QuoteImport.objects.get(pk=run_id))


def drain_writes(connection_id: int) -> None:
    """Send what waits to be written in an account for a slice; the rest goes to the end of the queue."""
    writes.drain(connection_id)
    jobs.finish_ended()
    quotes.settle_made()


def plan_job(job_id: int) -> None:
    """Turn what was selected for a job into writes for a slice; a job that reads does so."""
    jobs.plan(job_id)


def write_export(export_id: int) -> None:
    """Make the file of a long export."""
    export_running.advance(export_id)


def work_on_upload(upload_id: int) -> None:
    """Read an uploaded file, or work out what would become of its rows."""
    uploads.advance(upload_id, _examine)


def _examine(upload: Upload, report: Callable[[int], None]) -> None:
    if upload.kind == Upload.Kind.PROPOSALS:
        many.examine(upload, upload.by, report)
    else:
        examining.examine(upload, report)


def read_details(connection_id: int) -> None:
    """Read details that are due in an account: one turn."""
    reading.read(connection_id)


def drain_events(connection_id: int) -> None:
    """Work on what Offorte told of an account for a slice."""
    draining.drain(connection_id)


def register_webhook(connection_id: int) -> None:
    """Register the webhook of an account that was just connected."""
    registration.check(Connection.objects.get(pk=connection_id), lane=Lane.PERSON, is_told=False)


def check_webhook(connection_id: int) -> None:
    """See that Offorte still posts an account's events to the portal."""
    registration.check(Connection.objects.get(pk=connection_id), lane=Lane.BACKGROUND)


def check_webhooks() -> None:
    """Once an hour: see that Offorte still posts to the portal, and drop what nobody needs any more."""
    registration.request_all()
    retention.drop_old()
    retention.empty_old_bodies()
    storing.drop_old()
    security_retention.drop_old()
    sessions.drop_expired()


def heartbeat() -> None:
    """Every few seconds: tell that what is queued is done."""
    beats.come_back()


def sweep() -> None:
    """Once a minute: start the syncs that are due and go on with those that nothing works on; writes alike."""
    connection.resume_removals()
    sync.request_due()
    sync.resume_stranded()
    draining.sweep()
    intake.make_up()
    registration.sweep()
    writes.sweep()
    reading.sweep()
    jobs.sweep()
    quotes.request_due()
    quotes.resume_stranded()
    export_running.resume_stranded()
    uploads.resume_stranded()
    export_retention.drop_old()
    holding.drop_old()


def mail_notifications() -> None:
    """Once a minute: send people what they want to be told of by mail."""
    activity.mail_due()


def tidy_activity() -> None:
    """Once an hour: catch up with what happened before there was a feed, and drop old notifications."""
    activity.collect_missed()
    activity.drop_old()


def refresh_token(connection_id: int) -> None:
    """Renew the token of an account."""
    tokens.refresh(Connection.objects.get(pk=connection_id))


def refresh_tokens() -> None:
    """Once a day: renew the tokens that will expire within a week, each by itself, for one may be slow."""
    tokens.request_due()


def sweep_desk() -> None:
    """Once a minute: work out anew where proposals stand that have changed, and add up what they are part of."""
    desk.sweep()


def follow_up() -> None:
    """Once an hour: make the follow-ups that rules ask for, and mail people what is due."""
    desk.follow_up()
