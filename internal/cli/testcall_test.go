package cli

import "testing"

func TestATestCallIsToldStepByStep(t *testing.T) {
	_, do := started(t, "--name x")
	code, out, errs := do("agent call front-desk")
	if code != 0 {
		t.Fatal(errs)
	}
	expect(t, "agent call", out, "sip:front-desk@127.0.0.1", "0.020 s  180 Ringing", "The agent answered.")
	code, out, errs = do("agent call front-desk@9 --number +14155550100")
	if code == 0 {
		t.Error("a refused call is a success")
	}
	expect(t, "agent call, refused", out+errs, "refused the call", "404 Not Found")
	if code, _, _ := do("agent call front-desk@latest"); code == 0 {
		t.Error("a version without a number is taken")
	}
}
