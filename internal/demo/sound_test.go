package demo

import (
	"encoding/binary"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"tandem"
)

func TestARecordingHumsWhileItsSpeakerSpeaks(t *testing.T) {
	const seed, number = 11, 2
	server := httptest.NewServer(Recordings())
	defer server.Close()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+recordingPath(seed, number), http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	sound, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "audio/wav" {
		t.Fatalf("%d %s: %v", res.StatusCode, res.Header.Get("Content-Type"), err)
	}
	if string(sound[:4]) != "RIFF" || string(sound[8:16]) != "WAVEfmt " || int(binary.LittleEndian.Uint32(sound[40:])) != len(sound)-wavHeader {
		t.Fatalf("the header is %q of %d bytes", sound[:wavHeader], len(sound))
	}
	pcm := sound[wavHeader:]
	energy := func(channel int, from, to int64) (sum float64) {
		for i := from * sampleRate / 1000; i < to*sampleRate/1000; i++ {
			v := float64(int16(binary.LittleEndian.Uint16(pcm[int(i)*frameBytes+2*channel:]))) //nolint:gosec // two's complement
			sum += v * v
		}
		return sum
	}
	for i, turn := range Converse(NewCaller(seed), number).Turns {
		speaker, other := 1, 0
		if turn.Role == tandem.RoleCaller {
			speaker, other = 0, 1
		}
		if energy(speaker, *turn.StartMS, *turn.EndMS) == 0 || energy(other, *turn.StartMS, *turn.EndMS) != 0 {
			t.Errorf("turn %d of the %s is not heard on its own channel alone", i, turn.Role)
		}
	}
}

func TestARecordingThatIsNotThereIsNotFound(t *testing.T) {
	for _, path := range []string{"/", "/1", "/x/1.wav", "/1/x.wav", "/1/1.mp3"} {
		rec := httptest.NewRecorder()
		Recordings().ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, http.NoBody))
		if rec.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, rec.Code)
		}
	}
}
