package dialogue

import (
	"slices"
	"testing"

	"tandem"
)

func TestTroubleIsFoundWhereItIs(t *testing.T) {
	turns := []tandem.Turn{
		wrote(agent, "What kind of food would you like?"), wrote(tandem.RoleTool, "listen()"), wrote(caller, "Mumble."),
		wrote(agent, "Sorry, what kind of food would you like?"), wrote(caller, "Could you repeat that?"), wrote(agent, "Food."),
	}
	if got, want := Trouble(turns), []int{3, 4}; !slices.Equal(got, want) {
		t.Errorf("trouble at %v; want %v", got, want)
	}
	if got := Trouble(turns[:3]); got != nil {
		t.Errorf("trouble at %v", got)
	}
}
