"""The call list: whom to call now, and why; what is done or snoozed; and the person to call."""
