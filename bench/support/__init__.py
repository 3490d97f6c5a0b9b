"""What several measurements need: rows in bulk, sizes, results, checkouts and the name of the machine."""
