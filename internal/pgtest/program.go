package pgtest

// Launch starts a server for a program that is not a test, such as a
// benchmark, with full durability. stop ends it and removes its files.
func Launch() (url string, stop func() error, err error) {
	s, err := launch(true)
	if err != nil {
		return "", nil, err
	}
	return s.URL(), s.close, nil
}
