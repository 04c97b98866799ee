"""An independent model of what must be kept and what is due, to test the engine against.

Nothing here imports `ombud`: the definition is written a second time, from the words of the
formats, for rows in memory. `model.judge` is the way in; `strategies.worlds` makes random worlds.
"""
