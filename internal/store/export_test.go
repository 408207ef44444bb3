package store

// LookAt has a page of calls look at n calls and no more.
func (s *Store) LookAt(n int) { s.looks = looks{columns: n, records: n} }
