from proposals.models.account_user import AccountUser
from proposals.models.activity import Activity, ActivityState
from proposals.models.approval import Approval, ApprovalSettings
from proposals.models.comment_state import CommentState
from proposals.models.content import PriceRow, PriceTable
from proposals.models.desk_settings import DeskSettings
from proposals.models.draft import Draft
from proposals.models.follow_up import FollowUp
from proposals.models.notification import Notification, NotificationChoice, NotificationMailbox
from proposals.models.proposal import Proposal
from proposals.models.rollup import Rollup, RollupDue
from proposals.models.saved_view import DefaultView, SavedView
from proposals.models.standing import DeskProgress, Standing
from proposals.models.templates import (
    AutomationSet,
    DesignTemplate,
    EmailTemplate,
    NamedThing,
    ProposalTemplate,
    TextTemplate,
)
from proposals.models.timeline import Comment, LogEntry, Receiver, SentEmail

__all__ = [
    "AccountUser",
    "Activity",
    "ActivityState",
    "Approval",
    "ApprovalSettings",
    "AutomationSet",
    "Comment",
    "CommentState",
    "DefaultView",
    "DesignTemplate",
    "DeskProgress",
    "DeskSettings",
    "Draft",
    "EmailTemplate",
    "FollowUp",
    "LogEntry",
    "NamedThing",
    "Notification",
    "NotificationChoice",
    "NotificationMailbox",
    "PriceRow",
    "PriceTable",
    "Proposal",
    "ProposalTemplate",
    "Receiver",
    "Rollup",
    "RollupDue",
    "SavedView",
    "SentEmail",
    "Standing",
    "TextTemplate",
]
