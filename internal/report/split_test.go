package report

import (
	"strings"
	"testing"

	"tandem/internal/results"
)

func TestASplitThatIsNotCheckedIsNotCalledRight(t *testing.T) {
	line := splitLine(results.SampleRatio{NotChecked: "the intended shares are not known"}, 1612)
	if line != "Split not checked: the intended shares are not known." {
		t.Errorf("the report says %q", line)
	}
	zero := 0.0
	if line := splitLine(results.SampleRatio{LogBayesFactor: &zero}, 1612); !strings.HasPrefix(line, "Split: the arms have the calls") {
		t.Errorf("of a split that was checked the report says %q", line)
	}
}
