import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
import { clock } from "../format";
import { Failure, Loading } from "../ui/Notice";
import { reading } from "./api";
import { decode } from "./peaks";

interface Props {
  call: string;
  /** The time in seconds while it plays or was moved; undefined before. */
  onTime: (seconds: number) => void;
  /** Where to go on from, each time it is another object. */
  wanted: { seconds: number } | undefined;
}

const parts = 240;
const speeds = [1, 1.25, 1.5, 2];

/** The call's recording, fetched through the server and played from the page's memory. */
export function Player({ call, onTime, wanted }: Props) {
  const recording = useQuery(reading.recording(call));
  return (
    <section className="panel" aria-labelledby="recording">
      <h2 id="recording">Recording</h2>
      {recording.isPending && <Loading what="the recording" />}
      {recording.isError && <Failure error={recording.error} retry={() => void recording.refetch()} />}
      {recording.data && <Loaded sound={recording.data} onTime={onTime} wanted={wanted} />}
    </section>
  );
}

function Loaded({ sound, onTime, wanted }: { sound: Blob } & Omit<Props, "call">) {
  const audio = useRef<HTMLAudioElement>(null);
  const [wave, setWave] = useState<{ peaks: number[]; seconds: number }>();
  const [cannot, setCannot] = useState(false);
  const [time, setTime] = useState(0);
  const [length, setLength] = useState<number>();
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState(1);
  useEffect(() => {
    const made = URL.createObjectURL(sound);
    if (audio.current) audio.current.src = made;
    let gone = false;
    decode(sound, parts).then(
      (w) => !gone && setWave(w),
      () => !gone && setCannot(true),
    );
    return () => {
      gone = true;
      URL.revokeObjectURL(made);
    };
  }, [sound]);
  useEffect(() => {
    if (audio.current && wanted) audio.current.currentTime = wanted.seconds;
  }, [wanted]);
  const seconds = length ?? wave?.seconds ?? 0;
  function seek(to: number) {
    const at = Math.max(0, Math.min(seconds, to));
    if (audio.current) audio.current.currentTime = at;
    setTime(at);
    onTime(at);
  }
  function toggle() {
    if (!audio.current) return;
    if (audio.current.paused) void audio.current.play().catch(() => setCannot(true));
    else audio.current.pause();
  }
  return (
    <div className="player">
      {/* What is said stands in the transcript beside it. */}
      <audio
        ref={audio}
        preload="auto"
        onLoadedMetadata={(e) => Number.isFinite(e.currentTarget.duration) && setLength(e.currentTarget.duration)}
        onTimeUpdate={(e) => {
          setTime(e.currentTarget.currentTime);
          onTime(e.currentTarget.currentTime);
        }}
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onError={() => setCannot(true)}
      />
      <button type="button" className="button primary play" aria-label={playing ? "Pause" : "Play"} onClick={toggle}>
        <svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">
          <path d={playing ? "M4 2h3v12H4zM9 2h3v12H9z" : "M4 2l10 6-10 6z"} />
        </svg>
      </button>
      <Wave peaks={wave?.peaks} time={time} seconds={seconds} seek={seek} />
      <span className="player-time">
        {clock(time)} / {seconds > 0 ? clock(seconds) : "–:––"}
      </span>
      <button
        type="button"
        className="button small"
        aria-label={`Speed ${speed}: change`}
        onClick={() => {
          const next = speeds[(speeds.indexOf(speed) + 1) % speeds.length] ?? 1;
          setSpeed(next);
          if (audio.current) audio.current.playbackRate = next;
        }}
      >
        {speed}×
      </button>
      {cannot && <p className="hint" role="status">This browser cannot play the recording, or not draw it.</p>}
    </div>
  );
}

function Wave({ peaks, time, seconds, seek }: { peaks: number[] | undefined; time: number; seconds: number; seek: (to: number) => void }) {
  const held = useRef(false);
  function point(event: PointerEvent<HTMLDivElement>) {
    const box = event.currentTarget.getBoundingClientRect();
    seek(((event.clientX - box.left) / box.width) * seconds);
  }
  function keys(event: KeyboardEvent) {
    const to = { ArrowRight: time + 5, ArrowUp: time + 5, ArrowLeft: time - 5, ArrowDown: time - 5, PageUp: time + 30, PageDown: time - 30, Home: 0, End: seconds }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    seek(to);
  }
  const at = seconds > 0 ? time / seconds : 0;
  return (
    <div
      className="wave"
      role="slider"
      tabIndex={0}
      aria-label="Place in the recording"
      aria-valuemin={0}
      aria-valuemax={Math.round(seconds)}
      aria-valuenow={Math.round(time)}
      aria-valuetext={`${clock(time)} of ${clock(seconds)}`}
      onKeyDown={keys}
      onPointerDown={(e) => {
        held.current = true;
        e.currentTarget.setPointerCapture(e.pointerId);
        point(e);
      }}
      onPointerMove={(e) => held.current && point(e)}
      onPointerUp={() => (held.current = false)}
      onPointerCancel={() => (held.current = false)}
    >
      <svg viewBox={`0 0 ${parts} 40`} preserveAspectRatio="none" aria-hidden="true" focusable="false">
        {(peaks ?? Array.from({ length: parts }, () => 0)).map((p, i) => {
          const h = Math.max(1, p * 38);
          return <rect key={i} className={i / parts < at ? "past" : ""} x={i} y={20 - h / 2} width={0.65} height={h} />;
        })}
        <rect className="head" x={at * parts} y={0} width={0.8} height={40} />
      </svg>
    </div>
  );
}
