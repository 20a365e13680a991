"""The door 1C knocks at: it takes files in durably and hands them over. It never parses them.

`protocol`, `names`, `answers` and `verdict` are pure rules; `app` is the ASGI shell around `door`.
"""
