"""What people see of the simulator in a browser: sign-in and consent, the prospect's viewer, an index."""
