/** Where conversations are to come. */
export const Waiting = () => (
  <div class="cc-skeleton" aria-hidden="true">
    {[70, 52, 64, 44, 58].map((width) => (
      <span key={width} style={{ width: `${width}%` }} />
    ))}
  </div>
);

/** Where messages are to come. */
export const Ghosts = () => (
  <div class="cc-ghosts" aria-hidden="true">
    {[62, 84, 46].map((width) => (
      <div key={width}>
        <span class="cc-ghost-face" />
        <span class="cc-ghost-line" style={{ width: `${width}%` }} />
      </div>
    ))}
  </div>
);
