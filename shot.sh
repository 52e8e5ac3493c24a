#!/bin/bash
# shot.sh file out width height [dark]
d=""; [ "$5" = dark ] && d="--force-dark-mode --enable-features=WebContentsForceDark"
exec chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir=/tmp/pages-out/prof --window-size=$3,$4 --screenshot=$2 file://$1 2>/dev/null
