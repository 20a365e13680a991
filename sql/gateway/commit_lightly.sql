-- A session or a knock that a crash of the server takes away costs a new login. What is durable later makes all
-- before it durable, so a chunk never outlives its session.
set local synchronous_commit = off
