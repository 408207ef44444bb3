package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem"
)

func TestAnAgentFromDraftToVersions(t *testing.T) {
	s := start(t)
	var a tandem.Agent
	made := s.do(s.write, "POST", "/v1/agents", map[string]any{"name": "front-desk", "draft": map[string]any{"prompt": "Hello"}}).want(201, &a)
	if made.header.Get("Location") != "/v1/agents/"+string(a.ID) || made.header.Get("ETag") == "" {
		t.Errorf("Location %q, ETag %q", made.header.Get("Location"), made.header.Get("ETag"))
	}
	s.do(s.write, "POST", "/v1/agents/front-desk/publish", nil).refused(422, "body.draft.target.kind")
	s.do(s.write, "PUT", "/v1/agents/front-desk/draft", complete("one")).want(200, &a)
	var v1, v2 tandem.Version
	s.do(s.write, "POST", "/v1/agents/front-desk/publish", nil).want(201, &v1)
	s.do(s.write, "PUT", "/v1/agents/"+string(a.ID)+"/draft", complete("two")).want(200, nil)
	s.do(s.write, "POST", "/v1/agents/front-desk/publish", map[string]any{"note": "shorter"}).want(201, &v2)
	if v1.Number != 1 || v2.Number != 2 || v2.Note != "shorter" || v2.PublishedBy != "writer" || v2.Content.Prompt != "two" {
		t.Errorf("published %+v then %+v", v1, v2)
	}

	for _, path := range []string{"/v1/agents/front-desk/versions/2", "/v1/versions/front-desk@2", "/v1/versions/" + string(v2.ID)} {
		var got tandem.Version
		s.do(s.read, "GET", path, nil).want(200, &got)
		if d := cmp.Diff(v2, got); d != "" {
			t.Errorf("%s: %s", path, d)
		}
	}
	var versions struct{ Items []tandem.Version }
	s.do(s.read, "GET", "/v1/agents/front-desk/versions", nil).want(200, &versions)
	if len(versions.Items) != 2 || versions.Items[0].Number != 2 {
		t.Errorf("versions %+v, want 2 then 1", versions.Items)
	}
	s.do(s.read, "GET", "/v1/versions/front-desk@3", nil).refused(404)
	if p := s.do(s.read, "GET", "/v1/versions/front-desk@draft", nil).refused(422); !strings.Contains(p.Detail, "publish") {
		t.Errorf("a draft as a version: %q", p.Detail)
	}
}

func TestADraftThatIsReadCanBePutBack(t *testing.T) {
	s := start(t)
	s.do(s.write, "POST", "/v1/agents", map[string]any{"name": "empty"}).want(201, nil)
	var a struct{ Draft map[string]any }
	s.do(s.read, "GET", "/v1/agents/empty", nil).want(200, &a)
	s.do(s.write, "PUT", "/v1/agents/empty/draft", a.Draft).want(200, nil)
}

func TestVersionsAreCompared(t *testing.T) {
	s := start(t)
	s.agent("front-desk", 2)
	var d struct {
		From, To    string
		Differences []tandem.Difference
	}
	s.do(s.read, "GET", "/v1/agents/front-desk/diff?from=1&to=2", nil).want(200, &d)
	if d.From != "front-desk@1" || len(d.Differences) != 1 || d.Differences[0].Path != "prompt" || string(d.Differences[0].After) != `"1"` {
		t.Errorf("diff %+v", d)
	}
	s.do(s.read, "GET", "/v1/agents/front-desk/diff?from=2&to=draft", nil).want(200, &d)
	if len(d.Differences) != 0 {
		t.Errorf("the draft differs from what was just published: %+v", d.Differences)
	}
	s.do(s.read, "GET", "/v1/agents/front-desk/diff?from=1&to=9", nil).refused(422, "query.to")
	s.do(s.read, "GET", "/v1/agents/front-desk/diff?from=x&to=1", nil).refused(422, "query.from")
	s.do(s.read, "GET", "/v1/agents/front-desk/diff?from=1", nil).refused(422, "query.to")
}

func TestAnEditOfSomethingThatChangedMeanwhileIsRefused(t *testing.T) {
	s := start(t)
	made := s.do(s.write, "POST", "/v1/agents", map[string]any{"name": "front-desk"}).want(201, nil)
	tag := made.header.Get("ETag")
	edited := s.do(s.write, "PUT", "/v1/agents/front-desk/draft", complete("x"), "If-Match", tag).want(200, nil)
	if edited.header.Get("ETag") == tag {
		t.Error("an edit left the ETag as it was")
	}
	s.do(s.write, "PUT", "/v1/agents/front-desk/draft", complete("y"), "If-Match", tag).refused(412)
	s.do(s.write, "POST", "/v1/agents/front-desk/publish", nil, "If-Match", tag).refused(412)
	s.do(s.write, "PATCH", "/v1/agents/front-desk", map[string]any{"name": "desk"}, "If-Match", tag).refused(412)
	s.do(s.write, "PATCH", "/v1/agents/front-desk", map[string]any{"name": "desk"}, "If-Match", "*").want(200, nil)
	s.do(s.write, "PATCH", "/v1/agents/desk", map[string]any{"name": "desk2"}, "If-Match", `"x"`).refused(422, "header.If-Match")
}

func TestAgentsThatCannotBe(t *testing.T) {
	s := start(t)
	s.do(s.write, "POST", "/v1/agents", map[string]any{"name": "taken"}).want(201, nil)
	for _, c := range []struct {
		name, method, path string
		body               any
		status             int
		places             []string
	}{
		{"no name", "POST", "/v1/agents", map[string]any{}, 422, []string{"body.name"}},
		{"a bad name", "POST", "/v1/agents", map[string]any{"name": "a/b"}, 422, []string{"body.name"}},
		{"a name that is taken", "POST", "/v1/agents", map[string]any{"name": "taken"}, 409, []string{"body.name"}},
		{"a misspelt property", "POST", "/v1/agents", map[string]any{"name": "x", "drfat": 1}, 422, []string{"body.drfat"}},
		{"a wrong type", "POST", "/v1/agents", map[string]any{"name": 7}, 422, []string{"body.name"}},
		{"a draft that makes no sense", "POST", "/v1/agents", map[string]any{"name": "x", "draft": map[string]any{
			"llm": map[string]any{"provider": "p", "model": "m", "temperature": 3}, "fields": []any{map[string]any{"name": "f", "type": "selector"}},
		}}, 422, []string{"body.draft.llm.temperature"}},
		{"a selector without choices", "PUT", "/v1/agents/taken/draft", map[string]any{"fields": []any{map[string]any{"name": "f", "type": "selector"}}}, 422, []string{"body.fields[0].choices"}},
		{"malformed JSON", "POST", "/v1/agents", `{"name": `, 400, []string{"body"}},
		{"no body", "POST", "/v1/agents", nil, 400, nil},
		{"a name set to null", "PATCH", "/v1/agents/taken", `{"name": null}`, 422, []string{"body.name"}},
		{"an agent that is not there", "GET", "/v1/agents/nobody", nil, 404, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.do(s.write, c.method, c.path, c.body).refused(c.status, c.places...)
		})
	}
	if n := strings.Count(s.log.String(), "level=ERROR"); n > 0 {
		t.Errorf("users' mistakes were logged as errors %d times:\n%s", n, s.log)
	}
}

func TestAProblemDoesNotEchoWhatWasSent(t *testing.T) {
	s := start(t)
	secret := "very-personal-text"
	for _, body := range []string{`{"name": {"x": "` + secret + `"}}`, `{"name": "a", "draft": "` + secret + `"}`, `{"name": "` + secret} {
		a := s.do(s.write, "POST", "/v1/agents", body)
		if a.status < 400 || strings.Contains(string(a.body), secret) {
			t.Errorf("%s: %d %s", body, a.status, a.body)
		}
	}
}

func TestListsComeInPages(t *testing.T) {
	s := start(t)
	for _, n := range []string{"a", "b", "c"} {
		s.do(s.write, "POST", "/v1/agents", map[string]any{"name": n}).want(201, nil)
	}
	var names []string
	path := "/v1/agents?limit=2"
	for pages := 0; path != "" && pages < 5; pages++ {
		var page struct {
			Items []tandem.Agent
			Next  string
		}
		got := s.do(s.read, "GET", path, nil).want(http.StatusOK, &page)
		for _, a := range page.Items {
			names = append(names, a.Name)
		}
		link := got.header.Get("Link")
		if (link == "") != (page.Next == "") {
			t.Errorf("Link %q, next %q", link, page.Next)
		}
		path, _, _ = strings.Cut(strings.TrimPrefix(link, "<"), ">")
	}
	if d := cmp.Diff([]string{"a", "b", "c"}, names); d != "" {
		t.Error(d)
	}
	s.do(s.read, "GET", "/v1/agents?cursor=nonsense", nil).refused(422, "query.cursor")
	s.do(s.read, "GET", "/v1/agents?limit=0", nil).refused(422, "query.limit")
	s.do(s.read, "GET", "/v1/agents?limti=3", nil).refused(422, "query.limti")
}
