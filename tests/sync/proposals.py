"""A proposal with all its parts, as the mirror should hold it and as it holds it."""

from decimal import Decimal
from typing import Any

from offorte_portal.connections.models import Connection
from offorte_portal.simulator.account import Account
from offorte_portal.simulator.pricing import add_up
from proposals.models import Proposal
from tests.sync.values import minute, money


def expect_proposal(account: Account, remote_id: int) -> dict[str, Any]:
    """A proposal's columns and parts; the live vintage tells more than that of 2018."""
    proposal = account.proposals[remote_id]
    viewed_at = proposal["viewed_at"]
    views = [entry.at for entry in proposal["history"] if entry.action == "proposal: viewed"]
    override = proposal["price_total_override"]
    is_live = account.switches.vintage == "live"
    user = account.user(proposal["account_user_id"])
    company_id = proposal["company_id"]
    return {
        "name": proposal["name"],
        "status": proposal["status"],
        "type": proposal["type"],
        "remarks": proposal["remarks"],
        "version_id": proposal["version_id"],
        "company_remote_id": company_id,
        "company": company_id if company_id in account.visible("company") else None,
        "company_name": account.company_of(proposal)["name"],
        "price_total": money(proposal["price_total_original"] if override is None else override),
        "pages_total": proposal["pages_total"],
        "remote_modified_at": minute(proposal["modified_at"]),
        "view_count": len(views),
        "pdf_count": sum(entry.action == "proposal: viewed pdf" for entry in proposal["history"]),
        "viewed_at": expect_last_view(views, viewed_at if is_live else None),
        "price_tables": [expect_table(account, table) for table in proposal["pricetables"]],
        "comments": [expect_comment(account, proposal, comment) for comment in proposal["comments"]],
        "log": [
            (minute(entry.at), entry.person, entry.action, entry.author) for entry in reversed(proposal["history"])
        ],
        "emails": [
            (
                email.id,
                minute(email.at),
                email.version_nr,
                email.message,
                email.sender,
                [{"fullname": name, "email": address} for name, address in email.receivers],
            )
            for email in proposal["emails"]
        ],
        "receivers": [(r.id, r.fullname, r.email, account.login_link(remote_id, r)) for r in proposal["receivers"]],
        "number": proposal["proposal_nr"] if is_live else "",
        "owner_name": f"{user['firstname']} {user['lastname']}" if is_live else "",
        "owner": user["id"] if is_live and user["id"] in account.users else None,
        "language": proposal["proposal_language"] if is_live else "",
        "tags": list(proposal["tags"]) if is_live else [],
        "payload": account.render_proposal_item(remote_id) | account.render_proposal_details(remote_id),
    }


def expect_last_view(logged: list[Any], listed: Any) -> Any:
    """The later of what the log and the list say, for they differ: the list counts downloads, too."""
    moments = [moment for moment in (*logged, listed) if moment]
    return minute(max(moments)) if moments else None


def expect_comment(account: Account, proposal: dict[str, Any], comment: Any) -> tuple[Any, ...]:
    company = account.company_of(proposal)["name"] if comment.author == "client" else ""
    who = (comment.firstname, comment.lastname, comment.email, company)
    return (comment.id, minute(comment.at), comment.text, comment.author, *who)


def expect_table(account: Account, table: Any) -> dict[str, Any]:
    totals = add_up(table)
    return {
        "key": table.id,
        "subtotal": money(totals.subtotal),
        "total": money(totals.total),
        "vat_default_percentage": money(table.vat_default_percentage),
        "is_vat_hidden": table.is_vat_hidden,
        "rows_include_vat": table.has_vat_in_rows,
        "vat": [(money(percentage), money(amount)) for percentage, amount in totals.vat],
        "rows": [expect_row(account, row, total) for row, total in zip(table.rows, totals.rows, strict=True)],
    }


def expect_row(account: Account, row: Any, subtotal: Decimal | None) -> dict[str, Any]:
    """A row; 2018 tells of a row only what its type has, the live service everything of every row."""
    is_live, is_price = account.switches.vintage == "live", row.type == "price"
    has_discount = is_live or row.type in {"price", "discount"}
    has_all = is_live or is_price
    return {
        "type": row.type,
        "content": row.content,
        "count": money(row.quantity) if has_all else None,
        "price": money(row.price) if has_all else None,
        "subtotal": money(subtotal),
        "vat_percentage": money(row.vat_percentage) if has_all else None,
        "discount": money(row.discount_value) if has_discount else None,
        "discount_type": row.discount_type or "" if is_live else "",
        "product": row.product_id if has_all else None,
        "sku": row.sku or "" if has_all else "",
        "userinput_optional": row.is_optional if has_all else None,
        "userinput_optional_checked": row.is_chosen if has_all else None,
        "userinput_count": row.has_user_quantity if has_all else None,
    }


def proposal_rows(connection: Connection) -> Any:
    rows = Proposal.objects.filter(connection=connection, removed_at__isnull=True, is_hidden=False)
    parts = ("price_tables__rows", "comments", "log_entries", "emails", "receivers")
    return rows.select_related("company", "owner").prefetch_related(*parts)


def find_proposal(row: Proposal) -> dict[str, Any]:
    names = [
        "name",
        "status",
        "type",
        "remarks",
        "version_id",
        "company_remote_id",
        "company_name",
        "price_total",
        "pages_total",
        "view_count",
        "pdf_count",
        "number",
        "owner_name",
        "language",
        "tags",
        "payload",
    ]
    return {name: getattr(row, name) for name in names} | {
        "company": row.company.remote_id if row.company and row.company.removed_at is None else None,
        "owner": row.owner.remote_id if row.owner and row.owner.removed_at is None else None,
        "remote_modified_at": minute(row.remote_modified_at),
        "viewed_at": minute(row.viewed_at),
        "price_tables": [find_table(table) for table in row.price_tables.all()],
        "comments": [
            (c.remote_id, minute(c.commented_at), c.comment, c.type, c.firstname, c.lastname, c.email, c.company_name)
            for c in row.comments.all()
        ],
        "log": [(minute(entry.logged_at), entry.person, entry.action, entry.type) for entry in row.log_entries.all()],
        "emails": [
            (e.remote_id, minute(e.sent_at), e.version_nr, e.message, e.sent_by, e.receivers) for e in row.emails.all()
        ],
        "receivers": [(r.remote_id, r.fullname, r.email, r.link) for r in row.receivers.all()],
    }


def find_table(table: Any) -> dict[str, Any]:
    names = ("key", "subtotal", "total", "vat_default_percentage", "is_vat_hidden", "rows_include_vat")
    row_names = [
        "type",
        "content",
        "count",
        "price",
        "subtotal",
        "vat_percentage",
        "discount",
        "discount_type",
        "sku",
        "userinput_optional",
        "userinput_optional_checked",
        "userinput_count",
    ]
    return {name: getattr(table, name) for name in names} | {
        "vat": [(money(line["percentage"]), money(line["total"])) for line in table.vat_lines],
        "rows": [
            {name: getattr(row, name) for name in row_names} | {"product": row.product_remote_id}
            for row in table.rows.all()
        ],
    }
