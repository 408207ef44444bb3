/** The loudest of each part of a sound, 0 to 1: what a waveform shows. */
export function peaks(samples: Float32Array, parts: number): number[] {
  const out: number[] = [];
  let most = 0;
  for (let i = 0; i < parts; i++) {
    const end = Math.floor(((i + 1) * samples.length) / parts);
    let peak = 0;
    for (let j = Math.floor((i * samples.length) / parts); j < end; j++) peak = Math.max(peak, Math.abs(samples[j] ?? 0));
    out.push(peak);
    most = Math.max(most, peak);
  }
  return most === 0 ? out : out.map((p) => p / most);
}

/** At telephone quality: enough for a waveform, and small in memory. */
const rate = 8_000;

/** Decodes what a browser can play. */
export async function decode(audio: Blob, parts: number): Promise<{ peaks: number[]; seconds: number }> {
  const sound = await new OfflineAudioContext(1, 1, rate).decodeAudioData(await audio.arrayBuffer());
  const mixed = new Float32Array(sound.length);
  for (let c = 0; c < sound.numberOfChannels; c++) {
    const samples = sound.getChannelData(c);
    for (let i = 0; i < mixed.length; i++) mixed[i] = (mixed[i] ?? 0) + (samples[i] ?? 0) / sound.numberOfChannels;
  }
  return { peaks: peaks(mixed, parts), seconds: sound.duration };
}
