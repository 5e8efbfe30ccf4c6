;;; maimod.el --- maimod for osu! and Clone Hero maps  -*- lexical-binding: t; -*-

;; SPDX-License-Identifier: MIT
;; Version: 0.1.0
;; Package-Requires: ((emacs "28.1") (eglot "1.9"))
;; Keywords: languages, games, tools

;;; Commentary:

;; Two small major modes, and the language server of maimod in them: findings as you type, quick fixes, hover.
;; Put this file on the load-path and (require 'maimod) into your init file; clients/emacs/README.md says the rest.

;;; Code:

(require 'seq)
(require 'subr-x)
(require 'project)

(declare-function eglot-ensure "eglot")
(declare-function eglot-code-actions "eglot")
(declare-function eglot-current-server "eglot")
(declare-function eglot--TextDocumentIdentifier "eglot")
(declare-function jsonrpc-request "jsonrpc")
(declare-function lsp-deferred "lsp-mode")
(declare-function lsp-request "lsp-mode")
(declare-function lsp-register-client "lsp-mode")
(declare-function lsp-stdio-connection "lsp-mode")
(declare-function lsp-activate-on "lsp-mode")
(declare-function lsp-code-actions-at-point "lsp-mode")
(declare-function lsp-execute-code-action "lsp-mode")
(declare-function lsp-execute-code-action-by-kind "lsp-mode")
(declare-function lsp--buffer-uri "lsp-mode")
(declare-function lsp:code-action-title "lsp-protocol")
(declare-function make-lsp-client "lsp-mode")
(defvar eglot-server-programs)
(defvar lsp-language-id-configuration)

(defgroup maimod nil
  "A modding assistant for osu! and Clone Hero maps."
  :group 'tools)

(defcustom maimod-command '("maimod" "lsp")
  "The program and its arguments."
  :type '(repeat string))

(defcustom maimod-client 'eglot
  "What talks to the program.\nNil: nothing does until you start something yourself."
  :type '(choice (const eglot) (const lsp-mode) (const :tag "Neither" nil)))

;;; The two modes

(defconst maimod--headings
  '(("^\\s-*\\(\\[[^]\n]*\\]\\)" 1 font-lock-function-name-face)
    ("^\\s-*//.*$" . font-lock-comment-face)
    ("^\\s-*\\([[:alnum:]_]+\\)\\s-*[:=]" 1 font-lock-variable-name-face)))

(defvar maimod-mode-map
  (let ((map (make-sparse-keymap)))
    (define-key map (kbd "C-c C-a") #'maimod-code-actions)
    (define-key map (kbd "C-c C-f") #'maimod-fix-all)
    (define-key map (kbd "C-c C-d") #'maimod-dismiss)
    (define-key map (kbd "C-c C-e") #'maimod-explain)
    (define-key map (kbd "C-c C-s") #'maimod-check-mapset)
    (define-key map (kbd "C-c C-w") #'maimod-mod-post)
    (define-key map (kbd "C-c C-o") #'maimod-overlay)
    (define-key map (kbd "C-c C-g") #'maimod-open-in-game)
    map)
  "Keys of `maimod-osu-mode' and `maimod-chart-mode'.")

(define-derived-mode maimod-mode prog-mode "Map"
  "What maps of all games have in common."
  ;; No byte changes that nobody asked for.
  (setq-local require-final-newline nil
              mode-require-final-newline nil
              electric-indent-inhibit t
              indent-line-function #'ignore
              comment-start "//"
              font-lock-defaults '(maimod--headings t)
              project-find-functions (cons #'maimod--project project-find-functions))
  (add-hook 'hack-local-variables-hook #'maimod--start nil t))

;;;###autoload
(define-derived-mode maimod-osu-mode maimod-mode "osu!"
  "Major mode for osu! beatmaps and storyboards.")

;;;###autoload
(define-derived-mode maimod-chart-mode maimod-mode "Chart"
  "Major mode for Clone Hero charts.")

;;;###autoload
(progn
  (add-to-list 'auto-mode-alist '("\\.os[ub]\\'" . maimod-osu-mode))
  (add-to-list 'auto-mode-alist '("\\.chart\\'" . maimod-chart-mode))
  ;; Bytes that are no UTF-8 are kept as they are; the line breaks are still found out.
  (modify-coding-system-alist 'file "\\.\\(os[ub]\\|chart\\)\\'" 'utf-8))

;;; The two clients

(defun maimod--project (folder)
  "The folder of maimod.toml above FOLDER.
One server serves all sets beneath it."
  (when-let* ((root (locate-dominating-file folder "maimod.toml")))
    (cons 'transient root)))

(defun maimod--start ()
  "Start the client that `maimod-client' names, or say what is missing."
  (cond ((or (not maimod-client) (not buffer-file-name)))
        ((not (executable-find (car maimod-command)))
         (display-warning 'maimod (format "There is no program `%s' on the path.  Install it with `pipx install maimod', or name it in `maimod-command'."
                                          (car maimod-command))))
        ((eq maimod-client 'eglot) (eglot-ensure))
        (t (lsp-deferred))))

(put 'maimod-osu-mode 'eglot-language-id "osu")
(put 'maimod-chart-mode 'eglot-language-id "chart")
;; Emacs 30.1 compares the bytes of a path with its characters: the findings of
;; a map whose name is not ASCII would go nowhere.
(defun maimod--characters (path)
  "PATH with the bytes in it taken for what they spell."
  (and path (decode-coding-string (encode-coding-string path 'utf-8) 'utf-8)))

(with-eval-after-load 'eglot
  (when (fboundp 'eglot-uri-to-path)
    (advice-add 'eglot-uri-to-path :filter-return #'maimod--characters))
  (add-to-list 'eglot-server-programs
               (cons '(maimod-osu-mode maimod-chart-mode) (lambda (&rest _) maimod-command))))

(with-eval-after-load 'lsp-mode
  (add-to-list 'lsp-language-id-configuration '(maimod-osu-mode . "osu"))
  (add-to-list 'lsp-language-id-configuration '(maimod-chart-mode . "chart"))
  (lsp-register-client
   (make-lsp-client :server-id 'maimod
                    :multi-root t
                    :activation-fn (lsp-activate-on "osu" "chart")
                    :notification-handlers (let ((handlers (make-hash-table :test #'equal)))
                                             (puthash "maimod/status" #'ignore handlers)
                                             handlers)
                    :new-connection (lsp-stdio-connection (lambda () maimod-command)))))

(defun maimod--lsp-mode-p ()
  "Whether lsp-mode, not Eglot, serves this buffer."
  (bound-and-true-p lsp-mode))

(defun maimod--execute (command &rest arguments)
  "The server's answer to COMMAND with ARGUMENTS."
  (let ((params (list :command command :arguments (vconcat arguments))))
    (if (maimod--lsp-mode-p)
        (lsp-request "workspace/executeCommand" params)
      (jsonrpc-request (or (eglot-current-server) (user-error "No server: M-x eglot starts it"))
                       :workspace/executeCommand params))))

(defun maimod--uri ()
  "The name of this buffer's file as the server knows it."
  (if (maimod--lsp-mode-p) (lsp--buffer-uri) (plist-get (eglot--TextDocumentIdentifier) :uri)))

(defun maimod--line ()
  "The start of this line as the server counts."
  (list :line (1- (line-number-at-pos nil t)) :character 0))

(defun maimod--field (answer name)
  "The field NAME of ANSWER, a table or a list as the client has it."
  (if (hash-table-p answer) (gethash name answer) (plist-get answer (intern (concat ":" name)))))

;;; Commands

(defun maimod-code-actions ()
  "Choose among the quick fixes of what stands here."
  (interactive)
  (call-interactively (if (maimod--lsp-mode-p) #'lsp-execute-code-action #'eglot-code-actions)))

(defun maimod-fix-all ()
  "Apply all safe fixes."
  (interactive)
  (if (maimod--lsp-mode-p)
      (lsp-execute-code-action-by-kind "source.fixAll.maimod")
    (eglot-code-actions (point-min) (point-max) "source.fixAll.maimod" t)))

(defun maimod-dismiss ()
  "Keep the findings of this line as they are, and hear no more of them."
  (interactive)
  (let* ((lsp-mode-p (maimod--lsp-mode-p))
         (title (if lsp-mode-p #'lsp:code-action-title (lambda (each) (plist-get each :title))))
         (all (if lsp-mode-p (lsp-code-actions-at-point)
                (eglot-code-actions (line-beginning-position) (line-end-position) "quickfix")))
         (offered (seq-filter (lambda (each) (string-prefix-p "Dismiss" (funcall title each))) all))
         (chosen (if (cdr offered) (completing-read "Dismiss: " (mapcar title offered) nil t)
                   (and offered (funcall title (car offered)))))
         (action (seq-find (lambda (each) (equal chosen (funcall title each))) offered)))
    (cond ((not action) (user-error "There is nothing to dismiss here"))
          (lsp-mode-p (lsp-execute-code-action action))
          (t (let ((command (plist-get action :command)))
               (apply #'maimod--execute (plist-get command :command) (append (plist-get command :arguments) nil)))))))

(defun maimod-explain ()
  "Show what was expected of the object in this line."
  (interactive)
  (let ((text (maimod--execute "maimod.explain" (maimod--uri) (maimod--line))))
    (if (or (not (stringp text)) (string-empty-p text))
        (message "There is nothing to explain here")
      (with-help-window "*maimod*" (princ text)))))

(defun maimod-check-mapset ()
  "Check all difficulties of the set."
  (interactive)
  (maimod--execute "maimod.checkMapset" (maimod--uri))
  (message "The set is checked"))

(defun maimod-mod-post ()
  "Copy the findings as a mod post."
  (interactive)
  (let ((text (maimod--execute "maimod.modPost" (maimod--uri))))
    (if (string-empty-p text) (message "Nothing was found")
      (kill-new text)
      (message "The mod post is copied"))))

(defun maimod-overlay ()
  "Open the overlay in the browser."
  (interactive)
  (when-let* ((answer (maimod--execute "maimod.overlayUrl" (maimod--uri))))
    (browse-url (maimod--field answer "url"))))

(defun maimod-open-in-game ()
  "Open the object in this line in the game's editor, and copy its time stamp."
  (interactive)
  (let* ((answer (or (maimod--execute "maimod.editLink" (maimod--uri) (maimod--line)) (user-error "This line has no time")))
         (link (maimod--field answer "link")))
    (kill-new (maimod--field answer "timestamp"))
    ;; The game of a chart opens none.
    (when link (maimod--open link))))

(defun maimod--open (link)
  "Hand LINK over to the game."
  (pcase system-type
    ('windows-nt (w32-shell-execute "open" link))
    ('darwin (call-process "open" nil 0 nil link))
    (_ (call-process "xdg-open" nil 0 nil link))))

(declare-function w32-shell-execute "w32fns.c")

(provide 'maimod)
;;; maimod.el ends here
