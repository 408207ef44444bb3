import { Button, Text, UNSTABLE_Toast as Toast, UNSTABLE_ToastContent as Content, UNSTABLE_ToastQueue as Queue, UNSTABLE_ToastRegion as Region } from "react-aria-components";

interface Said {
  text: string;
}

const queue = new Queue<Said>({ maxVisibleToasts: 3 });

/** Says for some seconds that something was done. */
export const say = (text: string): void => void queue.add({ text }, { timeout: 6_000 });

/** Where what was said shows; once, in the shell. */
export function Toasts() {
  return (
    <Region queue={queue} className="toasts" aria-label="Messages">
      {({ toast }) => (
        <Toast toast={toast} className="toast">
          <Content>
            <Text slot="title">{toast.content.text}</Text>
          </Content>
          <Button slot="close" className="button quiet small" aria-label="Close">
            ✕
          </Button>
        </Toast>
      )}
    </Region>
  );
}
