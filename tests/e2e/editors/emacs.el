;;; What a mapper does, in a real Emacs with maimod.el as it is shipped.  -*- lexical-binding: t; -*-
;; MAIMOD_MAP, MAIMOD_CHART, MAIMOD_RESULT name files; MAIMOD_CLIENT is eglot or lsp-mode.

(defvar lines nil "What was seen, newest first.")
(defconst client (intern (getenv "MAIMOD_CLIENT")))
(defconst patience-seconds 60)

(defun say (key value)
  (push (format "%s\t%s\n" key (replace-regexp-in-string "[ \n\t]+" " " (format "%s" value))) lines))

(defun until (what done)
  "What DONE gives as soon as it gives something."
  (let ((end (+ (float-time) patience-seconds)) answer)
    (while (not (setq answer (funcall done)))
      (when (> (float-time) end)
        (error "%s did not happen; there are: %s" what
               (mapcar (lambda (each) (list (flymake-diagnostic-beg each) (flymake-diagnostic-text each))) (flymake-diagnostics))))
      (accept-process-output nil 0.05))
    answer))

(defun faults ()
  "The findings about volumes: (beginning end text), in order."
  (seq-sort-by #'car #'<
               (delq nil
                     (mapcar (lambda (each)
                               (and (string-match-p "volume is . %, outside" (flymake-diagnostic-text each))
                                    (list (flymake-diagnostic-beg each) (flymake-diagnostic-end each) (flymake-diagnostic-text each))))
                             (flymake-diagnostics)))))

(defun faults-are (number) (lambda () (and (= (length (faults)) number) (or (faults) t))))

(defun this-line () (buffer-substring-no-properties (line-beginning-position) (line-end-position)))

(defun hover ()
  "What is said at point, whole."
  (if (eq client 'lsp-mode)
      (lsp--render-on-hover-content (lsp:hover-contents (lsp-request "textDocument/hover" (lsp--text-document-position-params))) t)
    (let (text)
      (eglot-hover-eldoc-function (lambda (given &rest _) (setq text (or given ""))))
      (until "hover" (lambda () text)))))

(defun main ()
  (require 'maimod)
  (require 'flymake)
  (setq maimod-client nil) ; started below, where we can wait for it
  (find-file (getenv "MAIMOD_MAP"))
  (say "mode" major-mode)
  (say "coding" buffer-file-coding-system)
  (setq maimod-client client)
  (maimod--start)
  ;; In batch mode no command ends, and that is what either client waits for.
  (if (eq client 'eglot) (run-hooks 'post-command-hook) (lsp))
  (until "connection" (lambda () (if (eq client 'eglot) (eglot-managed-p) (and lsp-mode (lsp-workspaces)))))
  (let ((found (until "three findings" (faults-are 3))))
    (say "message" (nth 2 (car found)))
    (say "marked" (buffer-substring-no-properties (nth 0 (car found)) (nth 1 (car found))))
    (goto-char (caar found))
    (say "hover" (hover))

    (cl-letf (((symbol-function 'completing-read)
               (lambda (_prompt items &rest _)
                 (let ((titles (all-completions "" items)))
                   (say "menu" (string-join titles " | "))
                   (seq-find (lambda (each) (string-prefix-p "Set the volume" each)) titles))))
              (last-nonmenu-event t))
      (if (eq client 'eglot) (eglot-code-actions (point) nil nil t) (call-interactively #'maimod-code-actions)))
    (say "fixed" (this-line))
    (setq found (until "the quick fix" (faults-are 2)))

    (goto-char (caar found))
    (cl-letf (((symbol-function 'completing-read) (lambda (_prompt items &rest _) (car items))))
      (maimod-dismiss))
    (setq found (until "the dismissal" (faults-are 1)))
    (say "dismissed" (this-line))

    (goto-char (caar found))
    (maimod-fix-all)
    (until "fix all" (faults-are 0))
    (say "all" (this-line))
    ;; A region is written anew by the bundled model, and one undo takes all of it back.
    (buffer-enable-undo)
    (undo-boundary)
    (goto-char (point-min))
    (re-search-forward "^256,192,11000,")
    (push-mark (line-beginning-position) t t)
    (re-search-backward "^64,192,5000,")
    (let ((before (buffer-string)) (transient-mark-mode t) (mark-active t) (last-nonmenu-event t))
      (cl-letf (((symbol-function 'completing-read)
                 (lambda (_prompt items &rest _)
                   (seq-find (lambda (each) (string-prefix-p "Regenerate 00:05:000" each)) (all-completions "" items)))))
        (if (eq client 'eglot) (eglot-code-actions (point) (mark t) nil t) (call-interactively #'maimod-code-actions)))
      (until "a candidate" (lambda () (not (string= before (buffer-string)))))
      (say "tags" (and (string-match-p "^Tags:maimod$" (buffer-string)) "yes"))
      (undo-boundary)
      (setq last-command nil mark-active nil)
      (undo)
      (say "undone" (and (string= before (buffer-string)) "yes")))
    ;; Undoing says that a command runs, for the end of which others would wait.
    (setq mark-active nil this-command nil)

    (goto-char (point-min))
    (re-search-forward "^64,192,1000,")
    (maimod-explain)
    (say "explained" (with-current-buffer "*maimod*" (buffer-string)))
    (maimod-mod-post)
    (say "post" (current-kill 0))
    (cl-letf (((symbol-function 'maimod--open) (lambda (link) (say "link" link)))) (maimod-open-in-game))
    (say "stamp" (current-kill 0))
    (save-buffer))

  (when (boundp 'eglot-inlay-hints-mode)
    (say "hint" (until "inlay hints"
                       (lambda ()
                         (font-lock-ensure) (jit-lock-fontify-now) (eglot--update-hints-1 (point-min) (point-max))
                         (seq-some (lambda (each) (and (overlay-get each 'eglot--inlay-hint)
                                                       (concat (overlay-get each 'before-string) (overlay-get each 'after-string))))
                                   (overlays-in (point-min) (point-max)))))))

  (find-file (getenv "MAIMOD_CHART"))
  (maimod--start)
  (if (eq client 'eglot) (run-hooks 'post-command-hook) (lsp))
  (until "a finding in the chart" #'flymake-diagnostics)
  (say "chart" major-mode)
  (say "done" "yes"))

(setq create-lockfiles nil make-backup-files nil
      eglot-sync-connect 30 eglot-confirm-server-initiated-edits nil eglot-confirm-server-edits nil
      lsp-auto-guess-root t lsp-enable-snippet nil lsp-warn-no-matched-clients nil lsp-diagnostics-provider :flymake
      lsp-modeline-diagnostics-enable nil lsp-headerline-breadcrumb-enable nil lsp-restart 'ignore
      lsp-session-file (expand-file-name "lsp-session" (getenv "HOME")))
(when (eq client 'lsp-mode) (load "lsp-mode-autoloads"))
(condition-case trouble (main)
  (error (say "trouble" (error-message-string trouble))))
(with-temp-file (getenv "MAIMOD_RESULT") (apply #'insert (nreverse lines)))
(kill-emacs 0)
