package tandem

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
)

// diff walks two decoded JSON trees and appends where they differ.
func diff(path string, a, b any, out *[]Difference) {
	am, aok := keyed(a)
	bm, bok := keyed(b)
	if aok && bok {
		named := isList(a) || isList(b)
		keys := maps.Clone(am)
		maps.Copy(keys, bm)
		for _, k := range slices.Sorted(maps.Keys(keys)) {
			diff(join(path, k, named), am[k], bm[k], out)
		}
		return
	}
	if !reflect.DeepEqual(a, b) {
		*out = append(*out, Difference{Path: path, Before: encode(a), After: encode(b)})
	}
}

// keyed sees an object, or a list of named objects, as a map. An absent value
// is an empty map beside one that is there, so that each part is listed.
func keyed(v any) (map[string]any, bool) {
	switch v := v.(type) {
	case map[string]any:
		return v, true
	case []any:
		m := make(map[string]any, len(v))
		for _, e := range v {
			o, _ := e.(map[string]any)
			name, _ := o["name"].(string)
			if name == "" || m[name] != nil {
				return nil, false
			}
			m[name] = e
		}
		return m, true
	}
	return nil, false
}

func isList(v any) bool { _, ok := v.([]any); return ok }

func join(path, key string, named bool) string {
	switch {
	case named:
		return path + "[" + key + "]"
	case path == "":
		return key
	}
	return path + "." + key
}

func encode(v any) json.RawMessage {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil // v came out of a JSON decoder
	}
	return raw
}
