"""The home page, pipeline, inbox, reports and saved views, with the standings and sums that they show.

`standings` computes where a proposal stands as soon as the change feed reports a change to it. `rollups` adds standings
up: at once after an event or a write, otherwise in `sweep`, once a minute.
"""
