analyze ours, theirs
