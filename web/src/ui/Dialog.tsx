import { useEffect, type ReactNode } from "react";
import { Dialog as Box, Heading, Modal, ModalOverlay } from "react-aria-components";
import { hush } from "./toasts";

interface Props {
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** Wide enough for two columns. */
  wide?: boolean;
}

/** A modal dialog: keeps the focus inside, closes on Escape and on a click beside it. */
export function Dialog({ title, onClose, children, wide }: Props) {
  useEffect(hush, []);
  return (
    <ModalOverlay className="dialog-back" isOpen isDismissable onOpenChange={(open) => !open && onClose()}>
      <Modal className={wide ? "dialog dialog-wide" : "dialog"}>
        <Box className="dialog-body">
          <Heading slot="title">{title}</Heading>
          {children}
        </Box>
      </Modal>
    </ModalOverlay>
  );
}
