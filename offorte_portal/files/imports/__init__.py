"""Tables that people upload: reading them, finding out what is in which column, and what becomes of each row."""
