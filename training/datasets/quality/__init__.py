"""What is wrong with a dataset: one file a check, and one table of them.

facts = gather(store, dataset_id, cache, embedder)      # gathering: reads files and database
report = check(facts)                                   # report: pure computation
apply_fix(store, dataset_id, report.findings[0])        # fixes: one step that can be undone
"""
