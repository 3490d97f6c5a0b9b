"""The home page, pipeline, inbox, reports and saved views, with the stats and sums that they show.

`stats` computes where a proposal stands as soon as the change feed reports a change to it. `rollups` adds stats
up: at once after an event or a write, otherwise in `sweep`, once a minute.
"""
