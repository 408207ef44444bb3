package account

import "testing"

// What a sign-in costs: a check of a password, and of nobody's.
func BenchmarkCheck(b *testing.B) {
	h, err := hash(ctx, "staple battery horse")
	if err != nil {
		b.Fatal(err)
	}
	for name, stored := range map[string]string{"known": h, "unknown": ""} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, _, err := check(ctx, stored, "staple battery horse"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
