import { Button, Text, UNSTABLE_Toast as Toast, UNSTABLE_ToastContent as Content, UNSTABLE_ToastQueue as Queue, UNSTABLE_ToastRegion as Region } from "react-aria-components";

interface Said {
  text: string;
  action?: Offer;
}

/** Something to do about what was said. */
export interface Offer {
  label: string;
  run: () => void;
}

const queue = new Queue<Said>({ maxVisibleToasts: 3 });

/** Says for some seconds that something was done; longer where something can be done about it. */
export const say = (text: string, action?: Offer): void => void queue.add({ text, ...(action && { action }) }, { timeout: action ? 30_000 : 6_000 });

/** Takes away what was said, so that it covers nothing new. */
export const hush = (): void => queue.clear();

/** Where what was said shows; once, in the shell. */
export function Toasts() {
  return (
    <Region queue={queue} className="toasts" aria-label="Messages">
      {({ toast }) => (
        <Toast toast={toast} className="toast">
          <Content>
            <Text slot="title">{toast.content.text}</Text>
          </Content>
          {toast.content.action && (
            <Button
              className="button small"
              onPress={() => {
                queue.close(toast.key);
                toast.content.action?.run();
              }}
            >
              {toast.content.action.label}
            </Button>
          )}
          <Button slot="close" className="button quiet small" aria-label="Close">
            ✕
          </Button>
        </Toast>
      )}
    </Region>
  );
}
