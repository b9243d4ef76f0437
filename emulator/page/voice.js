// Recording a voice note, or making a sample tone where there is no microphone.
const RATE = 16000;

/** A WAV of `seconds` with three soft notes, for phones without a microphone. */
export function sampleTone(seconds = 2) {
  const count = RATE * seconds;
  const view = new DataView(new ArrayBuffer(44 + count * 2));
  const put = (at, text) => [...text].forEach((letter, index) => view.setUint8(at + index, letter.charCodeAt(0)));
  put(0, "RIFF");
  view.setUint32(4, 36 + count * 2, true);
  put(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, RATE * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  put(36, "data");
  view.setUint32(40, count * 2, true);
  for (let index = 0; index < count; index += 1) {
    const at = index / RATE;
    const note = [392, 494, 587][Math.min(2, Math.floor((at / seconds) * 3))];
    const fade = Math.sin(((at % (seconds / 3)) / (seconds / 3)) * Math.PI);
    view.setInt16(44 + index * 2, Math.sin(at * note * 2 * Math.PI) * fade * 9000, true);
  }
  return { blob: new Blob([view], { type: "audio/wav" }), duration: seconds, mime: "audio/wav" };
}

/** Start recording; the result has stop() → {blob, duration, mime} and cancel(). Rejects without a microphone. */
export async function startRecording() {
  if (!navigator.mediaDevices || !window.MediaRecorder) throw new Error("no microphone");
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const recorder = new MediaRecorder(stream);
  const parts = [];
  const began = performance.now();
  recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
  recorder.start();
  const release = () => stream.getTracks().forEach((track) => track.stop());
  return {
    stop: () => new Promise((resolve) => {
      recorder.addEventListener("stop", () => {
        release();
        const mime = (recorder.mimeType || "audio/ogg").split(";")[0];
        resolve({ blob: new Blob(parts, { type: mime }), duration: Math.max(1, Math.round((performance.now() - began) / 1000)), mime });
      });
      recorder.stop();
    }),
    cancel: () => {
      recorder.stop();
      release();
    },
  };
}
