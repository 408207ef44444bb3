import type { ReactNode } from "react";
import { Button, Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";

export interface Action {
  id: string;
  label: string;
  onAction: () => void;
  disabled?: boolean;
}

interface Props {
  children: ReactNode;
  /** Its name where the children do not say it. */
  label?: string;
  actions: Action[];
  className?: string;
}

/** A button that opens a list of things to do. */
export function MenuButton({ children, label, actions, className }: Props) {
  return (
    <MenuTrigger>
      <Button className={className ?? "button"} {...(label !== undefined && { "aria-label": label })}>
        {children}
      </Button>
      <Popover className="popover">
        <Menu className="options" disabledKeys={actions.flatMap((a) => (a.disabled ? [a.id] : []))}>
          {actions.map((a) => (
            <MenuItem key={a.id} id={a.id} className="option" onAction={a.onAction}>
              {a.label}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
