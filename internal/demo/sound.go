package demo

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"math"
	"net/http"
	"strconv"
	"strings"

	"tandem"
	"tandem/internal/replay"
)

// Recordings serves what the calls sound like, as long as nobody speaks: a hum in
// the rhythm of the words, the caller left and the agent right, made when it is
// asked for. Paths are those of recordingPath.
func Recordings() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{seed}/{version}", func(w http.ResponseWriter, r *http.Request) {
		seed, serr := strconv.ParseUint(r.PathValue("seed"), 10, 64)
		name, isWAV := strings.CutSuffix(r.PathValue("version"), ".wav")
		number, nerr := strconv.Atoi(name)
		if serr != nil || nerr != nil || !isWAV {
			http.NotFound(w, r)
			return
		}
		sound := wav(Converse(NewCaller(seed), number).Turns)
		w.Header().Set("Content-Type", "audio/wav")
		w.Header().Set("Content-Length", strconv.Itoa(len(sound)))
		_, _ = w.Write(sound)
	})
	return mux
}

// recordingPath is where the conversation of a caller with a version is heard.
func recordingPath(seed uint64, number int) string { return fmt.Sprintf("/%d/%d.wav", seed, number) }

const (
	sampleRate = 8000 // a telephone's
	channels   = 2
	frameBytes = 2 * channels
	wavHeader  = 44
)

// wav hums turns: 16 bit PCM in two channels, the caller's left. Turns without times
// are silent.
func wav(turns []tandem.Turn) []byte {
	var end int64
	for _, t := range turns {
		if t.EndMS != nil {
			end = max(end, *t.EndMS)
		}
	}
	frames := int(end * sampleRate / 1000)
	out := make([]byte, wavHeader+frames*frameBytes)
	header(out, frames)
	for _, t := range turns {
		if t.StartMS == nil || t.EndMS == nil {
			continue
		}
		channel, pitch := 1, 115.0
		if t.Role == tandem.RoleCaller {
			channel, pitch = 0, 190
		}
		hum(out[wavHeader:], channel, pitch, t.Text, int(*t.StartMS*sampleRate/1000), int(*t.EndMS*sampleRate/1000))
	}
	return out
}

// header writes a canonical RIFF/WAVE header for PCM.
func header(b []byte, frames int) {
	le := binary.LittleEndian
	copy(b, "RIFF")
	le.PutUint32(b[4:], uint32(wavHeader-8+frames*frameBytes)) //nolint:gosec // hours of sound fit
	copy(b[8:], "WAVEfmt ")
	le.PutUint32(b[16:], 16)
	le.PutUint16(b[20:], 1) // PCM
	le.PutUint16(b[22:], channels)
	le.PutUint32(b[24:], sampleRate)
	le.PutUint32(b[28:], sampleRate*frameBytes)
	le.PutUint16(b[32:], frameBytes)
	le.PutUint16(b[34:], 16)
	copy(b[36:], "data")
	le.PutUint32(b[40:], uint32(frames*frameBytes)) //nolint:gosec // as above
}

// hum gives each word its share of the time from frame from to frame to, by its
// letters, and a pitch and loudness of its own around the speaker's.
func hum(pcm []byte, channel int, pitch float64, text string, from, to int) {
	words := strings.Fields(text)
	letters := 0
	for _, w := range words {
		letters += len(w) + 1
	}
	at := from
	for _, w := range words {
		length := (to - from) * (len(w) + 1) / letters
		h := fnv.New32a()
		_, _ = h.Write([]byte(w))
		tone := pitch * (0.9 + 0.25*float64(h.Sum32()%100)/100)
		loud := 5000 + float64(h.Sum32()%5000)
		for i := range length * 4 / 5 { // a fifth is the gap to the next
			t := float64(i) / sampleRate
			swell := math.Sin(math.Pi * float64(i) / float64(length*4/5))
			v := math.Sin(2*math.Pi*tone*t) + 0.5*math.Sin(4*math.Pi*tone*t) + 0.25*math.Sin(6*math.Pi*tone*t)
			place := (at+i)*frameBytes + 2*channel
			if place+2 > len(pcm) {
				return
			}
			binary.LittleEndian.PutUint16(pcm[place:], uint16(int16(loud*swell*v))) //nolint:gosec // two's complement is what PCM is
		}
		at += length
	}
}

// recorded gives a conversation the link to its sound at base.
func recorded(c replay.Conversation, base string, seed uint64, number int) replay.Conversation {
	if base != "" {
		c.Recording = base + recordingPath(seed, number)
	}
	return c
}
