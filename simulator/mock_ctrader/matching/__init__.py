"""Rules for values, whoever checks them: the steps of a scenario, a test that asks the journal, an enqueued answer."""
