select core.analyze_trees()
