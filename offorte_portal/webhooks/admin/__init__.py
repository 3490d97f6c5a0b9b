from offorte_portal.webhooks.admin import event, webhook

__all__ = ["event", "webhook"]
