select journal.analyze_deletions()
