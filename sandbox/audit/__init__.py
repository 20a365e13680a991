"""An auditor who shares no code with what it audits.

It reads the warehouse as `obmen_auditor`, the object store by HTTP and the truth that the sandbox
wrote beside its exports, and proves that nothing was lost, doubled, changed or invented:
`python -m sandbox.audit [FOLDER…]`, folders of exports in the order in which they were sent. With
`--portal NAME=http://127.0.0.1:PORT` it asks a portal of the sandbox what it holds, and proves that
it is what that portal acknowledged.
It writes nothing anywhere.
"""
