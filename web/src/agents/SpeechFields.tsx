import type { Speech } from "../api/types";
import { TextField } from "../ui/Field";

interface Props {
  what: "Voice" | "Transcriber";
  value: Speech | undefined;
  onChange: (speech: Speech) => void;
}

/** Who speaks for the agent, or who writes down what is said. */
export function SpeechFields({ what, value, onChange }: Props) {
  const set = (change: Partial<Speech>) => onChange({ provider: "", ...value, ...change });
  const voice = what === "Voice";
  return (
    <fieldset className="part">
      <legend>{what}</legend>
      <div className="fields fields-four">
        <TextField label="Provider" value={value?.provider ?? ""} onChange={(provider) => set({ provider })} placeholder={voice ? "elevenlabs" : "deepgram"} />
        <TextField label="Model" value={value?.model ?? ""} onChange={(model) => set({ model })} placeholder={voice ? "" : "nova-3"} />
        {voice && <TextField label="Voice" value={value?.voice ?? ""} onChange={(name) => set({ voice: name })} />}
        <TextField label="Language" value={value?.language ?? ""} onChange={(language) => set({ language })} placeholder="en-US" />
      </div>
    </fieldset>
  );
}
