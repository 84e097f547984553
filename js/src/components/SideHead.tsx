import { IconButton } from "./icons";
import { useView } from "./view";

export function SideHead({ title, about }: { title: string; about?: string }) {
  const { go } = useView();
  return (
    <header class="cc-head">
      <div class="cc-head-text">
        <h3 class="cc-title">{title}</h3>
        {about && <p class="cc-topic">{about}</p>}
      </div>
      <IconButton icon="close" label="Close" onClick={() => go({ side: null })} />
    </header>
  );
}
