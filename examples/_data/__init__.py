"""What the example organisations' made-up data is made with: people, dates, and how it is stored.

    from _data.dates import just_due, on_last_day     what stands at the edge of a period
    from _data.people import People                   people who do not exist, the same each time
    from _data.fill import Example, Mark, fill, load  tables and rows into databases

An example's `data.py` imports these by the name `_data`; whoever loads it makes that name known
first: `tests` through pytest's `pythonpath`, `ombud demo` by `load_shared` of its own.
"""
