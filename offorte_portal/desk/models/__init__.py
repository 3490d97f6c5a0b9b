from offorte_portal.desk.models.call_state import CallState
from offorte_portal.desk.models.comment_state import CommentState
from offorte_portal.desk.models.desk_settings import DeskSettings
from offorte_portal.desk.models.forecast import Forecast, ForecastAdjustment
from offorte_portal.desk.models.loss_rollup import LossRollup, PendingLoss
from offorte_portal.desk.models.rollup import Rollup, RollupDue
from offorte_portal.desk.models.saved_view import DefaultView, SavedView
from offorte_portal.desk.models.stats import ProposalStats
from offorte_portal.desk.models.team import Team, TeamMember

__all__ = [
    "CallState",
    "CommentState",
    "DefaultView",
    "DeskSettings",
    "Forecast",
    "ForecastAdjustment",
    "LossRollup",
    "PendingLoss",
    "ProposalStats",
    "Rollup",
    "RollupDue",
    "SavedView",
    "Team",
    "TeamMember",
]
