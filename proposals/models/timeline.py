"""The history of a proposal: comments, log, sent e-mails and receivers."""

from urllib.parse import urlsplit

from django.db import models
from django.utils.translation import gettext_lazy as _

from proposals.models.proposal import Proposal

LONGEST_LINK = 2000


class Comment(models.Model):
    """A question or an answer in the proposal viewer (`comments`)."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="comments")
    remote_id = models.BigIntegerField()
    position = models.PositiveIntegerField()
    commented_at = models.DateTimeField(_("date"), null=True)
    comment = models.TextField(_("comment"), default="")
    type = models.TextField(_("type"), default="")  # "client" or the account's own side
    firstname = models.TextField(_("first name"), default="")
    lastname = models.TextField(_("last name"), default="")
    email = models.TextField(_("e-mail"), default="")
    company_name = models.TextField(_("company"), default="")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["proposal", "remote_id"], name="proposals_comment_remote")]

    def __str__(self) -> str:
        return self.comment[:60]


class LogEntry(models.Model):
    """An entry of the history (`logs.history`). Offorte gives it no id, so its position is its key."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="log_entries")
    position = models.PositiveIntegerField()
    logged_at = models.DateTimeField(_("date"), null=True)
    person = models.TextField(_("person"), default="")
    action = models.TextField(_("action"), default="")
    type = models.TextField(_("type"), default="")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["proposal", "position"], name="proposals_logentry_position")]

    def __str__(self) -> str:
        return self.action


class SentEmail(models.Model):
    """An e-mail with which the proposal was sent (`emails`)."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="emails")
    remote_id = models.BigIntegerField()
    position = models.PositiveIntegerField()
    sent_at = models.DateTimeField(_("sent"), null=True)
    version_nr = models.BigIntegerField(_("version"), null=True)
    message = models.TextField(_("message"), default="")
    sent_by = models.TextField(_("sent by"), default="")
    receivers = models.JSONField(_("recipients"), default=list)  # [{"fullname", "email"}]

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["proposal", "remote_id"], name="proposals_sentemail_remote")]

    def __str__(self) -> str:
        return f"{self.sent_by} {self.sent_at}"


class Receiver(models.Model):
    """A person who received the proposal (`receivers`)."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="receivers")
    remote_id = models.BigIntegerField()
    position = models.PositiveIntegerField()
    fullname = models.TextField(_("full name"), default="")
    email = models.TextField(_("e-mail"), default="")
    # The receiver's own links: Offorte takes anyone who opens one for the receiver. `link` is that of the details
    # (`pass`), `sent_link` that of the answer to the latest send (`proposal_link`), which the details don't repeat.
    link = models.TextField(_("link"), default="")
    sent_link = models.TextField(default="", editable=False)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["proposal", "remote_id"], name="proposals_receiver_remote")]

    def __str__(self) -> str:
        return self.fullname or self.email

    @property
    def viewer_link(self) -> str:
        """The link to show: from the latest send, else from the details; "" where neither is a web address."""
        return next((link for link in (self.sent_link, self.link) if is_web_address(link)), "")


def is_web_address(text: str) -> bool:
    """Return whether a text is safe as a link: http(s), a host, no user, and nothing that browsers read differently."""
    try:
        parts = urlsplit(text)
        host, user = parts.hostname, parts.username
    except ValueError:
        return False
    is_plain = text.isprintable() and not set(text) & set(' \\"<>')
    return parts.scheme in {"http", "https"} and bool(host) and user is None and is_plain and len(text) <= LONGEST_LINK
