"""The library's SQL, and nothing else's business: connections, the world's tables, the person's, the journal's.

With `store.schema` this is the only place where SQL stands. Functions here take a connection and plain values;
transactions are begun by `store.library`.
"""
